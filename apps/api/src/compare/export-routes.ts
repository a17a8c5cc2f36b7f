import { COMPRESSION_METRICS } from '@espalier/comparison';
import { type Response, Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { admit, type Door } from '../access/admit.ts';
import type { Viewer } from '../access/viewer.ts';
import { note } from '../audit/noted.ts';
import { compressionOf, DEFAULT_BUDGETS, wrongBudgets } from '../compression/compression.ts';
import { metricMeant } from '../experiments/quality-metric.ts';
import { ROUTES } from '../gate/routes.ts';
import type { Services } from '../graphql/context.ts';
import { frontOf } from '../ratios/front.ts';
import { SUMMARY_KEYS, summarise } from '../ratios/summary.ts';
import { summaryTables } from '../ratios/summary-rows.ts';
import type { RunOrder } from '../runs/run-order.ts';
import { compressionTables } from '../tables/compression-table.ts';
import { PAPER_COLUMNS } from '../tables/run-columns.ts';
import { strategyTables } from '../tables/strategy-table.ts';
import { FORMATS, type Format, isFormat, isForPaper } from '../tables/table-file.ts';
import { BadAddress, known, type Query, readFilter, readInput } from './address-query.ts';
import { analyse } from './analysis.ts';
import { COLUMN_NAMES, isColumn } from './columns.ts';
import { sendRuns, sendTable } from './export.ts';

/** Sends the table in a format. */
type Send = (services: Services, viewer: Viewer, format: Format, response: Response) => Promise<void>;
/** Of what the address says, before anything is sent. */
type Read = (schema: GraphQLSchema, query: Query, format: Format) => Send;

const TABLES: Readonly<Record<string, Read>> = {
  ...{ runs: readRuns, summary: readSummary, front: readFront },
  ...{ compression: readCompression, strategies: readStrategies },
};

/** Tables as files: `/files/export/runs.csv`, `summary.tex` and so on, filtered as the queries are. */
export function exportRoutes(services: Services, schema: GraphQLSchema, door: Door): Router {
  const router = Router();
  for (const [table, read] of Object.entries(TABLES)) {
    router.get(`/${table}.:format`, async (request, response) => {
      const viewer = await admit(door, ROUTES.exports, request, response);
      if (!viewer) return;
      const { format } = request.params;
      if (!isFormat(format)) {
        return void problem(
          response,
          404,
          `there is ${Object.keys(FORMATS)
            .map((name) => `${table}.${name}`)
            .join(', ')}`,
        );
      }
      let send: Send;
      try {
        send = read(schema, request.query, format);
      } catch (error) {
        if (!(error instanceof BadAddress)) throw error;
        return void problem(response, 400, error.message);
      }
      const { teamId, userId, apiKeyId } = viewer;
      const told = { action: 'runs.export', subject: `${table}.${format}`, once: 'hour' } as const;
      await note(services.database.prisma, { teamId, actor: apiKeyId ?? userId, ...told });
      await send(services, viewer, format, response);
    });
  }
  return router;
}

function readRuns(schema: GraphQLSchema, query: Query, format: Format): Send {
  known(query, ['filter', 'order', 'columns']);
  const filter = readFilter(schema, query);
  const order = readInput(schema, 'RunOrder', 'order', query.order) as RunOrder | null;
  const columns = readColumns(query, format);
  return (services, viewer, _format, response) =>
    sendRuns(services, viewer, { name: 'runs', format, filter, order, columns }, response);
}

function readSummary(schema: GraphQLSchema, query: Query): Send {
  known(query, ['filter', 'by']);
  const filter = readFilter(schema, query);
  const names = query.by === undefined || query.by === '' ? [] : String(query.by).split(',');
  const by = names.map((name) => oneOf(SUMMARY_KEYS, 'by', name));
  return async ({ database }, viewer, format, response) => {
    const { groups } = await summarise({ database, viewer }, { by, filter });
    await sendTable('summary', format, summaryTables(groups), response);
  };
}

function readFront(schema: GraphQLSchema, query: Query, format: Format): Send {
  known(query, ['filter', 'cost', 'qualityMetric', 'columns']);
  const filter = readFilter(schema, query);
  const cost = oneOf(COMPRESSION_METRICS, 'cost', String(query.cost ?? 'macs'));
  const judgedBy = metricMeant(String(query.qualityMetric ?? 'TOP1'));
  const columns = readColumns(query, format);
  const by = `ratio${cost.charAt(0).toUpperCase()}${cost.slice(1)}` as RunOrder['by'];
  return async (services, viewer, _format, response) => {
    const { points } = await frontOf({ database: services.database, viewer }, filter, cost, judgedBy);
    const found = {
      filter: { id: { in: points.map(({ id }) => id) } },
      order: { by, direction: 'desc' },
    } as const;
    await sendRuns(services, viewer, { name: 'front', format, ...found, columns }, response);
  };
}

function readCompression(schema: GraphQLSchema, query: Query): Send {
  known(query, ['filter', 'metric', 'budgets']);
  const filter = readFilter(schema, query);
  const metric = oneOf(COMPRESSION_METRICS, 'metric', String(query.metric ?? 'macs'));
  const budgets =
    query.budgets === undefined ? DEFAULT_BUDGETS : String(query.budgets).split(',').map(Number);
  const wrong = wrongBudgets(budgets);
  if (wrong !== null) throw new BadAddress(wrong);
  return async ({ database }, viewer, format, response) => {
    const found = await compressionOf({ database, viewer }, { filter, budgets, metric });
    await sendTable('compression', format, compressionTables(found), response);
  };
}

function readStrategies(schema: GraphQLSchema, query: Query): Send {
  known(query, ['filter']);
  const filter = readFilter(schema, query);
  return async ({ database }, viewer, format, response) => {
    await sendTable(
      'strategies',
      format,
      strategyTables(await analyse({ database, viewer }, filter)),
      response,
    );
  };
}

function oneOf<T extends string>(all: readonly T[], name: string, given: string): T {
  const found = all.find((one) => one === given);
  if (found === undefined) throw new BadAddress(`${name} is of ${all.join(', ')}, not "${given}"`);
  return found;
}

function readColumns({ columns }: Query, format: Format) {
  const usual = isForPaper(format) ? PAPER_COLUMNS : COLUMN_NAMES;
  const names = columns === undefined ? usual : [...new Set(String(columns).split(','))];
  const stranger = names.find((name) => !isColumn(name));
  if (stranger !== undefined) {
    throw new BadAddress(`there is no column "${stranger}"; known are ${COLUMN_NAMES.join(', ')}`);
  }
  return names.filter(isColumn);
}

function problem(response: Response, status: number, message: string): void {
  response.status(status).json({ error: message });
}
