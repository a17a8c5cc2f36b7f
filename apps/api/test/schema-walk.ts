import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Member, Platform } from './platform.ts';
import { experiment } from './rows.ts';

// Every place of every query and mutation, and something plausible to be in all others meanwhile.

type Path = readonly (string | number)[];
export type AnyField = GraphQLField<unknown, unknown>;

/** Where in a field's arguments a value stands. */
export interface Place {
  readonly path: Path;
  /** Of the schema, as maxima are named by. */
  readonly coordinate: string;
  /** The name of its type; of lists and enums, too. */
  readonly type: string;
  readonly kind: 'leaf' | 'enum' | 'list';
  /** In an input that all filters share, and that was there before. */
  readonly again: boolean;
}

/** Places that are the same in each filter. */
const SHARED = /^(Id|Text|Int|Float|Time|Tag)Filter\./;

/**
 * Every query and mutation, with something that it takes. Of filters each place of each shared input is there in each
 * query, and each field of a filter in one of those that take it.
 */
export function* fieldsOf(schema: GraphQLSchema, ids: Readonly<Record<string, string>>) {
  const [filtered, met] = [new Set<string>(), new Set<string>()];
  for (const [kind, type] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const id = ids[ID_OF[field.name] ?? 'id'] ?? '';
      const needed = field.args.filter((arg) => isNonNullType(arg.type));
      const usual = Object.fromEntries(needed.map((arg) => [arg.name, plausible(arg, { ...ids, id })]));
      const shared = new Set<string>();
      const places = field.args.flatMap(({ name, type: of }) =>
        placesIn(of, [name], `${type?.name}.${field.name}(${name}:)`).flatMap((place): Place[] => {
          if (!SHARED.test(place.coordinate)) return [{ ...place, again: false }];
          const input = `${place.kind} ${place.coordinate}`;
          const inFilter = `${place.kind} ${of} ${place.path.slice(1).join('.')}`;
          const known = shared.has(input) && filtered.has(inFilter);
          const again = met.has(input);
          shared.add(input);
          filtered.add(inFilter);
          met.add(input);
          return known ? [] : [{ ...place, again }];
        }),
      );
      yield { kind, field, usual, places, query: operation(kind, field) };
    }
  }
}

/** The field asked once, or so many times at once, with the variables of each numbered from the second on. */
export function operation(kind: string, field: AnyField, times = 1): string {
  const parenthesised = (texts: string[]) => (texts.length === 0 ? '' : `(${texts.join(', ')})`);
  const each = Array.from({ length: times }, (_, i) => (i === 0 ? '' : String(i)));
  const declared = each.flatMap((i) => field.args.map((arg) => `$${arg.name}${i}: ${arg.type}`));
  const asked = each.map((i) => {
    const given = parenthesised(field.args.map((arg) => `${arg.name}: $${arg.name}${i}`));
    return `${i === '' ? '' : `a${i}: `}${field.name}${given}${selection(field.type)}`;
  });
  return `${kind} ${parenthesised(declared)} { ${asked.join(' ')} }`;
}

/** Of what a list holds the second place, which is like all others. */
function placesIn(type: GraphQLInputType, path: Path, coordinate: string): Omit<Place, 'again'>[] {
  if (isNonNullType(type)) return placesIn(type.ofType, path, coordinate);
  const place = { path, coordinate, type: getNamedType(type).name };
  if (isListType(type)) {
    return [{ ...place, kind: 'list' }, ...placesIn(type.ofType, [...path, 1], coordinate)];
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) =>
      placesIn(field.type, [...path, field.name], `${type.name}.${field.name}`),
    );
  }
  return [{ ...place, kind: isEnumType(type) ? 'enum' : 'leaf' }];
}

/** Something that the field takes, of the team's own where it is an id. */
function plausible(
  { name, type }: Pick<GraphQLArgument, 'name' | 'type'>,
  ids: Readonly<Record<string, string>>,
): unknown {
  if (isNonNullType(type)) return plausible({ name, type: type.ofType }, ids);
  // Twice the same.
  if (isListType(type)) return [0, 1].map(() => plausible({ name, type: type.ofType }, ids));
  if (isInputObjectType(type)) {
    const inner = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(inner.map((field) => [field.name, plausible(field, ids)]));
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  switch (getNamedType(type).name) {
    case 'ID':
      return ids[name.replace(/s$/, '')] ?? ids.id;
    case 'Int':
    case 'BigInt':
      return 1;
    case 'Float':
      return 0.5;
    case 'Boolean':
      return false;
    case 'DateTimeISO':
      return '2030-01-01T00:00:00.000Z';
    case 'JSON':
      return [{ title: 's', strategies: ['uniform:l1'], targets: ['macs=0.5'] }];
    case 'JSONObject':
      return {};
    default:
      return TEXT_OF[name] ?? 'text';
  }
}

/** Of fields that take an id, what it is of, where that is no experiment. */
const ID_OF: Readonly<Record<string, string>> = {
  ...{ run: 'runId', cancelRuns: 'runId', retryRuns: 'runId', setPriority: 'runId', cloneRun: 'runId' },
  ...{ project: 'projectId', deleteProject: 'projectId', model: 'modelId', dataset: 'datasetId' },
  ...{ updateSavedView: 'viewId', deleteSavedView: 'viewId' },
  ...{ updateWebhook: 'webhookId', rotateWebhookSecret: 'webhookId', testWebhook: 'webhookId' },
};

const TEXT_OF: Readonly<Record<string, string>> = {
  email: 'somebody@example.org',
  grid: '0.1:0.9:0.1',
  page: 'runs',
  criterion: 'l1',
  allocation: 'uniform',
  strategies: 'uniform:l1',
  targets: 'macs=0.5',
  url: 'https://example.org/hook',
};

/** The same arguments with another value in one place. */
export function set(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(root) ? [...root] : [];
    list[0] ??= set(undefined, rest, value);
    list[key] = set(list[key] ?? structuredClone(list[0]), rest, value);
    // What is tried may also stand there twice.
    return list.length === 1 ? [...list, ...list] : list;
  }
  return { ...(root as object), [key]: set((root as Record<string, unknown> | null)?.[key], rest, value) };
}

function selection(type: GraphQLOutputType, depth = 2): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return isLeafType(named) ? '' : ' { __typename }';
  const fields = Object.values(named.getFields()).filter((field) => field.args.length === 0);
  const inner = fields.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return depth > 1 ? [`${field.name}${selection(field.type, depth - 1)}`] : [];
  });
  return ` { ${['__typename', ...inner].join(' ')} }`;
}

/** Ids of what the team has, by the names under which they are asked for. */
export async function things(
  platform: Platform,
  { teamId, userId, ask }: Member,
): Promise<Record<string, string>> {
  await experiment(platform, teamId);
  const { id: modelId, projectId } = await platform.prisma.model.findFirstOrThrow({ where: { teamId } });
  const { id: datasetId } = await platform.prisma.dataset.findFirstOrThrow({ where: { teamId } });
  const { data } = await ask(
    `mutation {
      startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.5 }] }) {
        runs { id }
      }
      createSavedView(input: { name: "v", page: "runs", state: {} }) { savedView { id } }
      createWebhook(input: { url: "https://example.org/hook", events: [RUN_FAILED] }) { webhook { id } }
    }`,
  );
  const [runId, viewId] = [data.startRuns.runs[0].id, data.createSavedView.savedView.id];
  const webhookId = data.createWebhook.webhook.id;
  return {
    ...{ id: 'exp_s', experimentId: 'exp_s', runId, viewId, webhookId },
    modelId,
    projectId,
    datasetId,
    userId,
    teamId,
  };
}
