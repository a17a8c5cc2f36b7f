import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Policy = Readonly<Record<string, string[]>>;

/** Nothing of what the API answers is a page, and nothing may put it into one. */
const ANSWERS: Policy = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** A page whose scripts, workers and fonts are all files of ours, and that talks to nobody but us. */
const PAGES: Policy = {
  ...ANSWERS,
  'script-src': ["'self'"],
  'worker-src': ["'self'"],
  'connect-src': ["'self'"],
  // Its style sheet has its fonts inside.
  'font-src': ["'self'", 'data:'],
  'img-src': ["'self'", 'data:'],
  // The code editor writes its colours into style elements.
  'style-src': ["'self'", "'unsafe-inline'"],
};

/** Headers of every answer. */
export const answerHeaders = headers(ANSWERS);
/** Headers of a page, which replace those of answers. */
export const pageHeaders = headers(PAGES);

function headers(policy: Policy): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    referrerPolicy: { policy: 'no-referrer' },
    // Whoever puts TLS in front decides for how long browsers shall insist on it.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
