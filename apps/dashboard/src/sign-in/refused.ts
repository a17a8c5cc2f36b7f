/** Why somebody was not let in, in words: addresses only have a word of ours, never a sentence. */
const WORDS: Readonly<Record<string, string>> = {
  wrong: 'E-mail or password is wrong.',
  limit: 'Too many attempts. Wait some minutes and try again.',
  page: 'The form was not sent from this page. Try again.',
  name: 'Give a name of 1 to 200 characters.',
  email:
    'This address cannot be taken: it is none, somebody has it already, or the invitation is for another one. Who has an account signs in.',
  password: 'Give a password of at least 8 characters.',
  invitation: 'This invitation is over, or another one was opened meanwhile: open it again by its link.',
  failed: 'That did not work. Try again in a moment.',
};

/** Null where nothing was refused. */
export function refusedWords(refused: unknown): string | null {
  return typeof refused === 'string' && Object.hasOwn(WORDS, refused) ? (WORDS[refused] ?? null) : null;
}
