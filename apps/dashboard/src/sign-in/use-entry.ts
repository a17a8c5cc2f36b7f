import { useState } from 'react';

/**
 * Asks to be let in, goes on to another page when it worked, and keeps what to tell when it did not.
 *
 * @param words what to tell of a status, where the server's own words are for nobody
 */
export function useEntry(path: string, next: string, words: Readonly<Record<number, string>> = {}) {
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const enter = async (body: object) => {
    setPending(true);
    setError(null);
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (response?.ok) return location.assign(next);
    setError(
      response ? await problemOf(response, words) : 'The server does not answer. Try again in a moment.',
    );
    setPending(false);
  };
  return { enter, error, pending };
}

async function problemOf(response: Response, words: Readonly<Record<number, string>>): Promise<string> {
  const { message } = (await response.json().catch(() => ({}))) as { message?: string };
  return words[response.status] ?? message ?? `The server refused it (${response.status}).`;
}
