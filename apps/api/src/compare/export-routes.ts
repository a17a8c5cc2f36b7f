import { type Request, type Response, Router } from 'express';
import { coerceInputValue, type GraphQLInputType, type GraphQLSchema } from 'graphql';
import { admit, type Door } from '../access/admit.ts';
import { note } from '../audit/noted.ts';
import { ROUTES } from '../gate/routes.ts';
import { badValue } from '../graphql/bad-input.ts';
import type { Services } from '../graphql/context.ts';
import { beyond } from '../graphql/maxima.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import type { RunOrder } from '../runs/run-order.ts';
import { COLUMN_NAMES, isColumn } from './columns.ts';
import { FORMATS, type Format, type RunExport, sendRuns } from './export.ts';

/** What a person can put right in the address. */
class BadExport extends Error {
  override name = 'BadExport';
}

/** Tables as files: `/files/export/runs.csv` and `runs.ndjson`, filtered and ordered as the queries are. */
export function exportRoutes(services: Services, schema: GraphQLSchema, door: Door): Router {
  const router = Router();
  router.get('/runs.:format', async (request, response) => {
    const viewer = await admit(door, ROUTES.exports, request, response);
    if (!viewer) return;
    const { format } = request.params;
    if (!isFormat(format)) return void problem(response, 404, 'there is runs.csv and runs.ndjson');
    let asked: RunExport;
    try {
      asked = { format, ...readQuery(schema, request.query) };
    } catch (error) {
      if (!(error instanceof BadExport)) throw error;
      return void problem(response, 400, error.message);
    }
    const { teamId, userId, apiKeyId } = viewer;
    await note(services.database.prisma, {
      ...{
        teamId,
        actor: apiKeyId ?? userId,
        action: 'runs.export',
        subject: `runs.${format}`,
        once: 'hour',
      },
    });
    await sendRuns(services, viewer, asked, response);
  });
  return router;
}

function readQuery(
  schema: GraphQLSchema,
  { filter, order, columns, ...rest }: Request['query'],
): Omit<RunExport, 'format'> {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw new BadExport(`there is no parameter ${unknown}; known are filter, order and columns`);
  }
  const names = columns === undefined ? COLUMN_NAMES : [...new Set(String(columns).split(','))];
  const stranger = names.find((name) => !isColumn(name));
  if (stranger !== undefined) {
    throw new BadExport(`there is no column "${stranger}"; known are ${COLUMN_NAMES.join(', ')}`);
  }
  return {
    filter: (readInput(schema, 'RunFilter', 'filter', filter) ?? {}) as RunFilter,
    order: readInput(schema, 'RunOrder', 'order', order) as RunOrder | null,
    columns: names.filter(isColumn),
  };
}

/** JSON that must be what the schema's input type takes: one rule for queries and exports. */
function readInput(schema: GraphQLSchema, type: string, name: string, text: unknown): unknown {
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    throw new BadExport(`${name} is not JSON`);
  }
  const input = schema.getType(type) as GraphQLInputType;
  const bad = badValue(value, name) ?? beyond(value, input, name, name);
  if (bad) throw new BadExport(`${bad.path} ${bad.problem}`);
  return coerceInputValue(value, input, (path, _value, error) => {
    throw new BadExport(`${[name, ...path].join('.')}: ${error.message}`);
  });
}

function isFormat(text: string | undefined): text is Format {
  return text !== undefined && Object.hasOwn(FORMATS, text);
}

function problem(response: Response, status: number, message: string): void {
  response.status(status).json({ error: message });
}
