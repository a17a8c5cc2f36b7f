import { type Request, type Response, Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { admit, type Door } from '../access/admit.ts';
import { note } from '../audit/noted.ts';
import { BadAddress, known, readFilter } from '../compare/address-query.ts';
import { ROUTES } from '../gate/routes.ts';
import type { Services } from '../graphql/context.ts';
import { reportPage } from './page.ts';
import { type ReportSubject, reportOf } from './report.ts';
import { sendReport } from './send-report.ts';

/** Frozen reports: `/files/report/runs/ID.html`, `experiments/ID.html`, `comparison.html?filter=`. */
export function reportRoutes(services: Services, schema: GraphQLSchema, door: Door): Router {
  const router = Router();
  const answer =
    (subjectOf: (request: Request) => ReportSubject) => async (request: Request, response: Response) => {
      const viewer = await admit(door, ROUTES.reports, request, response);
      if (!viewer) return;
      let subject: ReportSubject;
      try {
        subject = subjectOf(request);
      } catch (error) {
        if (!(error instanceof BadAddress)) throw error;
        return void response.status(400).json({ error: error.message });
      }
      const report = await reportOf({ viewer, database: services.database }, subject);
      if (!report) return void response.status(404).json({ error: 'there is nothing to report of' });
      const { teamId, userId, apiKeyId } = viewer;
      const about = subject.kind === 'comparison' ? 'comparison' : subject.id;
      const told = { action: 'report.make', subject: about, once: 'hour' } as const;
      await note(services.database.prisma, { teamId, actor: apiKeyId ?? userId, ...told });
      const moment = report.madeAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
      sendReport(response, reportPage(report), `${subject.kind}-${moment}`);
    };
  const byId = (kind: 'run' | 'experiment') => (request: Request) => {
    known(request.query, []);
    return { kind, id: String(request.params.id) };
  };
  router.get('/runs/:id.html', answer(byId('run')));
  router.get('/experiments/:id.html', answer(byId('experiment')));
  router.get(
    '/comparison.html',
    answer(({ query }) => {
      known(query, ['filter']);
      return { kind: 'comparison', filter: readFilter(schema, query) };
    }),
  );
  return router;
}
