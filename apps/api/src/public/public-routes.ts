import type { PrismaClient } from '@espalier/store';
import { Router } from 'express';
import { countWrongToken, peerOf } from '../access/limits.ts';
import { sendReport } from '../reports/send-report.ts';
import { publicPage } from './public-page.ts';

/** The same for whatever is wrong with a link: it tells nothing of what there is. */
const NOTHING = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="robots" content="noindex, nofollow"><title>Nothing here</title></head>
<body><h1>There is nothing here</h1><p>The link is wrong, has ended, or was revoked. Ask for a new one.</p></body>
</html>
`;

/** `/public/TOKEN`: a report for anybody who has the link. Nobody is signed in here, and nothing else is asked. */
export function publicRoutes(prisma: PrismaClient): Router {
  const router = Router();
  router.use(async (request, response) => {
    const [, token] = /^\/([\w-]{1,100})$/.exec(request.path) ?? [];
    const page = token === undefined ? null : await publicPage(prisma, token);
    if (page !== null) return sendReport(response, page);
    // A right one is found by its hash and never refused.
    await countWrongToken(prisma, peerOf(request.headers));
    sendReport(response.status(404), NOTHING);
  });
  return router;
}
