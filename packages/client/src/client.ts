import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '@espalier/errors';
import { type Document, textOf } from './graphql.ts';

/** A platform, and a key for it. */
export interface Login {
  /** "http://127.0.0.1:4000" */
  readonly address: string;
  readonly key: string;
}

interface Options {
  /** What an error calls a place of an input, "strategies.0.limits"; undefined for none. Left out: as it is. */
  readonly fieldOf?: (path: string) => string | undefined;
}

/** Asks a platform's API with a key. */
export class Client {
  private readonly login: Login;
  private readonly fieldOf: (path: string) => string | undefined;

  constructor(login: Login, { fieldOf = (path) => path || undefined }: Options = {}) {
    this.login = login;
    this.fieldOf = fieldOf;
  }

  /**
   * The data of a query. A platform that is busy is asked again.
   *
   * @throws {InputError} if the platform cannot be reached or refuses
   */
  async ask<Result, Variables>(document: Document<Result, Variables>, variables: Variables): Promise<Result> {
    const body = JSON.stringify({ query: textOf(document), variables });
    const response = await this.untilFree(() => {
      return this.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    });
    const answer = answerOf<Result>(await response.text());
    const [error] = answer?.errors ?? [];
    const { address } = this.login;
    if (error?.extensions?.code === 'UNAUTHENTICATED') {
      throw new InputError(
        `the API key is not valid at ${address}: wrong, revoked or expired; create one on the page Team, then espalier login ${address} --key ...`,
      );
    }
    if (error) throw new InputError(error.message);
    if (!answer || answer.data === undefined) {
      throw new InputError(
        `the server at ${address} is not Espalier (status ${response.status}); check the address`,
      );
    }
    return answer.data;
  }

  /** Every page of a list. The query takes `$after`, and calls the list `page`. */
  async all<T, Variables extends { after?: string | null }>(
    query: Document<{ page: Page<T> }, Variables>,
    variables: Omit<Variables, 'after'>,
  ): Promise<T[]> {
    const nodes: T[] = [];
    let after: string | null = null;
    do {
      const { page }: { page: Page<T> } = await this.ask(query, { ...variables, after } as Variables);
      nodes.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return nodes;
  }

  /** Where subscriptions are asked for, and with what. */
  streaming(): { url: string; headers: Record<string, string> } {
    const { address, key } = this.login;
    return { url: new URL('/graphql/stream', address).href, headers: { authorization: `Bearer ${key}` } };
  }

  /**
   * What a mutation answers once it was carried out. It calls its answer `payload`, and `made` what is in it. Where a
   * line breaks, it is sent again under the same key: it is carried out once. What has a `key` of its own needs no other
   * one.
   *
   * @throws {InputError} if it is refused
   */
  async change<Answered extends Payload, Input extends { clientMutationId?: string | null }>(
    mutation: Document<{ payload: Answered }, { input: Input }>,
    given: Input,
  ): Promise<Answered & { made: NonNullable<Answered['made']> }> {
    const input = 'key' in given ? given : { ...given, clientMutationId: randomUUID() };
    const { payload } = await this.untilAnswered(mutation, { input });
    const { ok, errors, made } = payload;
    if (!ok || made == null) {
      const fields = errors.flatMap(({ path = [] }) => this.fieldOf(path.join('.')) ?? []);
      throw new Refused(errors[0]?.message ?? 'the platform refused', ...fields);
    }
    return { ...payload, made };
  }

  private async untilAnswered<Answered extends Payload, Variables>(
    mutation: Document<{ payload: Answered }, Variables>,
    variables: Variables,
  ): Promise<{ payload: Answered }> {
    let broken = false;
    for (const wait of WAITS_MS) {
      try {
        const answer = await this.ask(mutation, variables);
        // The first one may still be under way.
        if (!broken || !answer.payload.errors.some(({ path }) => path?.[0] === 'clientMutationId'))
          return answer;
      } catch (error) {
        broken ||= error instanceof NoAnswer && BROKEN.includes(error.code);
        if (!broken || !(error instanceof NoAnswer)) throw error;
      }
      await setTimeout(wait);
    }
    return this.ask(mutation, variables);
  }

  private async untilFree(ask: () => Promise<Response>): Promise<Response> {
    for (const wait of WAITS_MS) {
      const response = await ask();
      if (!BUSY.includes(response.status)) return response;
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      await setTimeout(seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : wait);
    }
    return ask();
  }

  /** @throws {InputError} if the platform cannot be reached */
  async fetch(where: string, init: RequestInit = {}): Promise<Response> {
    const { address, key } = this.login;
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${key}` };
    try {
      return await fetch(new URL(where, address), { ...init, headers });
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
      throw new NoAnswer(`no platform answers at ${address} (${cause}); check that it is running`, cause);
    }
  }
}

/** Before something is sent again. */
const WAITS_MS = [500, 1000, 2000, 4000];
const LONGEST_WAIT_MS = 60_000;
/** It has too much to do, or is being started: nothing was looked at. */
const BUSY = [429, 503];
/** A line that was open: what was sent may have arrived. */
const BROKEN = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** A mutation that a platform understood, and did not carry out. */
export class Refused extends InputError {
  override name = 'Refused';
}

class NoAnswer extends InputError {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** Null for what is no JSON. */
function answerOf<T>(text: string): Answer<T> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Answer<T> {
  readonly data?: T;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Payload {
  readonly ok: boolean;
  readonly errors: readonly { readonly message: string; readonly path?: readonly string[] }[];
  readonly made: unknown;
}
