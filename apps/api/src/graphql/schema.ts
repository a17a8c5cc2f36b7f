import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { RIGHTS } from '../access/rights.ts';
import { type Right, requireRight } from '../access/viewer.ts';
import { AllocatedStructureResolver, AllocationsResolver } from '../allocate/allocate-resolver.ts';
import { AnnotationResolver } from '../annotations/annotation-resolver.ts';
import { RenameResolver } from '../annotations/rename-resolver.ts';
import { AuditResolver, AuditSubjectResolver } from '../audit/audit-resolver.ts';
import { BenchmarkResolver, BenchmarkSectionResolver } from '../benchmarks/benchmark-resolver.ts';
import { AnalysisResolver, RunPairResolver } from '../compare/analysis-resolver.ts';
import { ComparisonResolver } from '../compare/comparison-resolver.ts';
import { BudgetedRunResolver, RunGroupResolver } from '../compare/run-group-resolver.ts';
import { StructureResolver } from '../compare/structures.ts';
import {
  CompressionBestResolver,
  CompressionResolver,
  CompressionRowsResolver,
} from '../compression/compression-resolver.ts';
import { DatasetResolver } from '../datasets/dataset-resolver.ts';
import { DeviceResolver } from '../devices/device-resolver.ts';
import { MeasurementResolver } from '../devices/measurement-resolver.ts';
import { DeviceProfileResolver } from '../devices/profile-resolver.ts';
import { ProfilingResolver } from '../devices/profiling-resolver.ts';
import { DatasetEdges } from '../edges/dataset-edges.ts';
import { DeviceEdges, DeviceProfileEdges, MeasurementEdges } from '../edges/device-edges.ts';
import { ExperimentEdges } from '../edges/experiment-edges.ts';
import { ModelEdges } from '../edges/model-edges.ts';
import { ProjectEdges } from '../edges/project-edges.ts';
import { SamplingEdges } from '../edges/sampling-edges.ts';
import { WebhookEdges } from '../edges/webhook-edges.ts';
import { EventResolver } from '../events/event-resolver.ts';
import {
  ClaimedEventResolver,
  CreatedEventResolver,
  SampledEventResolver,
} from '../events/run-event-resolver.ts';
import { ExperimentResolver } from '../experiments/experiment-resolver.ts';
import { RecomputationResolver } from '../external/recomputation-type.ts';
import { ExternalRunResolver } from '../external/run-resolver.ts';
import { SamplingPlanResolver } from '../external/sampling-plan-resolver.ts';
import { ExternalSamplingResolver } from '../external/sampling-resolver.ts';
import { UploadResolver } from '../files/upload-resolver.ts';
import { MethodsResolver } from '../methods/methods-resolver.ts';
import { InputPreviewResolver } from '../models/input-preview-resolver.ts';
import { BaseEvaluationResolver, ModelResolver } from '../models/model-resolver.ts';
import { NodeResolver } from '../nodes/node-resolver.ts';
import { LoadResolver } from '../operations/load-resolver.ts';
import { OperationsResolver } from '../operations/operations-resolver.ts';
import { QueueResolver } from '../operations/queue-resolver.ts';
import { MemberResolver, MemberUserResolver } from '../people/member-resolver.ts';
import { ApiKeyResolver, PeopleResolver } from '../people/people-resolver.ts';
import { TeamResolver } from '../people/team-resolver.ts';
import { ProjectResolver } from '../projects/project-resolver.ts';
import { PublicLinkResolver } from '../public/link-resolver.ts';
import { PublishedResolver } from '../published/published-resolver.ts';
import { BestRunResolver } from '../ratios/best-run-resolver.ts';
import { FrontPointResolver, FrontResolver } from '../ratios/front-resolver.ts';
import { BestSpreadResolver, SummaryGroupResolver, SummaryResolver } from '../ratios/summary-resolver.ts';
import { RunChangesResolver } from '../runs/changes-resolver.ts';
import { RunProgressResolver } from '../runs/progress-resolver.ts';
import { PrunedResultResolver } from '../runs/result-resolver.ts';
import { RunResolver } from '../runs/run-resolver.ts';
import { RunStrategyResolver } from '../runs/run-strategy-resolver.ts';
import { ShippedResolver, ShippedRunResolver } from '../runs/shipped-resolver.ts';
import { SamplingResolver } from '../sampling/sampling-resolver.ts';
import { TrashResolver } from '../trash/trash-resolver.ts';
import { ModelUsageResolver, ResultUsageResolver } from '../usage/usage-resolver.ts';
import { ViewResolver } from '../views/view-resolver.ts';
import { WebhookDeliveryResolver, WebhookResolver } from '../webhooks/webhook-resolver.ts';
import type { Context } from './context.ts';
import { forget } from './loaders.ts';
import { describeMaxima } from './maxima.ts';
import { takeInputs } from './mutations.ts';
import { takeOnce } from './once.ts';

/** type-graphql asks for one. Our subscriptions read the event table instead: nothing is lost between. */
const NO_TOPICS: PubSub = {
  publish() {
    throw new Error('events are appended to the table');
  },
  subscribe() {
    throw new Error('events are read from the table');
  },
};

let made: Promise<GraphQLSchema> | undefined;

/** Made once a process: nothing of it belongs to a server. */
export function createSchema(): Promise<GraphQLSchema> {
  made ??= make();
  return made;
}

async function make(): Promise<GraphQLSchema> {
  const built = await buildSchema({
    resolvers: [
      AnalysisResolver,
      RunPairResolver,
      AuditResolver,
      AuditSubjectResolver,
      BenchmarkResolver,
      BenchmarkSectionResolver,
      BestRunResolver,
      BestSpreadResolver,
      FrontPointResolver,
      FrontResolver,
      SummaryGroupResolver,
      SummaryResolver,
      DeviceResolver,
      DeviceEdges,
      DeviceProfileResolver,
      DeviceProfileEdges,
      ProfilingResolver,
      MeasurementResolver,
      MeasurementEdges,
      ComparisonResolver,
      CompressionResolver,
      CompressionBestResolver,
      CompressionRowsResolver,
      ViewResolver,
      TrashResolver,
      NodeResolver,
      RenameResolver,
      AnnotationResolver,
      UploadResolver,
      DatasetResolver,
      DatasetEdges,
      ExperimentEdges,
      ModelEdges,
      ProjectEdges,
      SamplingEdges,
      ModelUsageResolver,
      ResultUsageResolver,
      EventResolver,
      CreatedEventResolver,
      ClaimedEventResolver,
      SampledEventResolver,
      ExperimentResolver,
      MemberResolver,
      MemberUserResolver,
      MethodsResolver,
      ModelResolver,
      BaseEvaluationResolver,
      InputPreviewResolver,
      OperationsResolver,
      LoadResolver,
      PeopleResolver,
      ApiKeyResolver,
      TeamResolver,
      ProjectResolver,
      PrunedResultResolver,
      PublicLinkResolver,
      PublishedResolver,
      QueueResolver,
      RunChangesResolver,
      RunGroupResolver,
      BudgetedRunResolver,
      RunProgressResolver,
      ShippedResolver,
      ShippedRunResolver,
      RunResolver,
      RunStrategyResolver,
      SamplingPlanResolver,
      AllocationsResolver,
      AllocatedStructureResolver,
      ExternalSamplingResolver,
      ExternalRunResolver,
      RecomputationResolver,
      SamplingResolver,
      StructureResolver,
      WebhookResolver,
      WebhookDeliveryResolver,
      WebhookEdges,
    ],
    // Services check what they are given, and name the fields.
    validate: false,
    pubSub: NO_TOPICS,
  });
  const schema = takeInputs(built);
  describeMaxima(schema);
  takeOnce(schema);
  guard(schema);
  return schema;
}

/** Before anything else is done, each root field asks for its right. */
function guard(schema: GraphQLSchema): void {
  for (const [name, rights] of Object.entries<Readonly<Record<string, Right>>>(RIGHTS)) {
    const type = schema.getType(name);
    for (const field of Object.values(isObjectType(type) ? type.getFields() : {})) {
      const right = rights[field.name];
      if (!right) throw new Error(`access/rights.ts does not say what ${name}.${field.name} takes`);
      const guarded =
        (work: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> =>
        (source, args, context, info) => {
          requireRight(context.viewer, right);
          return work(source, args, context, info);
        };
      // A subscription's events are resolved later: who may still read them is looked up then.
      if (name === 'Subscription') field.subscribe = guarded(afresh(field.subscribe ?? defaultFieldResolver));
      else field.resolve = guarded(field.resolve ?? defaultFieldResolver);
    }
  }
}

/** Each event is resolved with what is there by then, and with what may be read by then. */
function afresh(subscribe: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
  return async function* (source, args, context, info) {
    for await (const event of (await subscribe(source, args, context, info)) as AsyncIterable<unknown>) {
      forget(context.loaders);
      yield event;
    }
  };
}

/** What `schema.graphql` holds. */
export function schemaText(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
