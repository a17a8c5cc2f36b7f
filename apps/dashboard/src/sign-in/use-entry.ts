import { useState } from 'react';
import { refusedWords } from './refused.ts';

/**
 * Sends a form that asks to be let in, goes where the answer leads, and keeps what to tell when it did not work. The
 * form does the same by itself where there are no scripts.
 *
 * @param before what the page was made with: why the last try was refused
 */
export function useEntry(action: string, before: string | null) {
  const [error, setError] = useState(before);
  const [pending, setPending] = useState(false);
  const enter = async (form: FormData) => {
    setPending(true);
    setError(null);
    const fields = [...form].map(([name, value]) => [name, String(value)]);
    const response = await fetch(action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(fields),
    }).catch(() => null);
    const { to, ...refusal } = ((await response?.json().catch(() => ({}))) ?? {}) as Told;
    if (response?.ok && to !== undefined) return location.assign(to);
    setError(response ? wordsOf(refusal) : 'The server does not answer. Try again in a moment.');
    setPending(false);
  };
  return { enter, error, pending };
}

interface Told {
  readonly to?: string;
  readonly refused?: string;
  readonly message?: string;
}

/** Of a field the server says more than the word. */
function wordsOf({ refused, message }: Told): string | null {
  const isOwn = refused === 'wrong' || refused === 'limit' || !message;
  return (isOwn ? refusedWords(refused) : message) ?? refusedWords('failed');
}
