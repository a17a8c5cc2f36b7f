import type { RequestHandler } from 'express';
import { refuse } from './refuse.ts';

/** Deeper and of more values than anything that we take. */
const DEEPEST = 64;
const MOST_VALUES = 50_000;

/** The body as JSON, from the bytes that the gate took; without a content type of JSON it is an empty object. */
export const jsonBody: RequestHandler = (request, response, next) => {
  const { body } = request;
  if (!Buffer.isBuffer(body) || !request.is('json') || body.length === 0) {
    request.body = {};
    return next();
  }
  const problem = problemOf(body);
  if (problem) return refuse(request, response, 400, problem);
  try {
    request.body = JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(body));
    next();
  } catch {
    refuse(request, response, 400, 'the body is not JSON in UTF-8');
  }
};

/** Told from the bytes: what is made of them may take a hundred times their room. */
function problemOf(json: Buffer): string | null {
  let [depth, values, isText] = [0, 0, false];
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isText) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x2c) values++;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    if (depth > DEEPEST) return `the body is nested deeper than ${DEEPEST} levels`;
    if (values > MOST_VALUES) return `the body has more than ${MOST_VALUES} values`;
  }
  return null;
}
