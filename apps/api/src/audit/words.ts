/** What is done under a separate name; of the others the name says it. */
const WORDS: Readonly<Record<string, string>> = {
  'api-key.create': 'made an API key',
  'api-key.revoke': 'revoked an API key',
  'api-key.use': 'used an API key',
  'file.download': 'downloaded a file',
  'invitation.accept': 'accepted an invitation',
  'invitation.create': 'invited somebody',
  'invitation.revoke': 'revoked an invitation',
  'member.leave': 'left the team',
  'member.remove': 'removed a member',
  'member.role': "changed a member's role",
  'operator.add': 'made somebody an operator',
  'operator.remove': 'removed an operator',
  'public-link.create': 'made a public link',
  'public-link.revoke': 'revoked a public link',
  'report.make': 'made a report',
  'runs.export': 'exported a table of runs',
  'runs.start': 'started runs',
  'session.begin': 'signed in',
  'session.end': 'ended a session',
  'session.refuse': 'was refused at signing in',
  'sign-in-link.create': 'made a sign-in link',
  'upload.complete': 'uploaded a file',
  'user.update': 'changed the account',
  'webhook.redeliver': 'sent a delivery of a webhook again',
  'webhook.rotate': 'gave a webhook another secret',
  'webhook.test': 'tried a webhook',
};

const PAST: Readonly<Record<string, string>> = {
  ...{ create: 'created', delete: 'deleted', register: 'registered', rename: 'renamed', restore: 'restored' },
  ...{
    update: 'changed',
    start: 'started',
    add: 'added',
    remove: 'removed',
    set: 'set',
    cancel: 'cancelled',
  },
  ...{
    retry: 'retried',
    recompute: 'had a worker evaluate again the network of',
    clone: 'cloned',
    drain: 'drained',
    resume: 'resumed',
    priority: 'changed the priority of',
  },
  purge: 'purged',
};

/** "signed in by link from 10.0.0.7, 3 times". */
export function wordsOf(action: string, data: unknown): string {
  const [what = '', done = what] = action.split('.');
  const verb = PAST[done] ?? done;
  const words = WORDS[action] ?? (done === what ? verb : `${verb} ${what.replaceAll('-', ' ')}`);
  return `${words}${detailsOf(data)}`;
}

function detailsOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { name, by, role, address, times, operator } = data as Readonly<Record<string, unknown>>;
  return [
    typeof name === 'string' ? ` “${name}”` : '',
    operator === true ? ' as an operator of the installation' : '',
    typeof by === 'string' ? ` by ${by}` : '',
    typeof role === 'string' ? ` (${role})` : '',
    typeof address === 'string' && address !== '' ? ` from ${address}` : '',
    typeof times === 'number' && times > 1 ? `, ${times} times` : '',
  ].join('');
}
