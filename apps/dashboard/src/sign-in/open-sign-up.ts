import { API, onBehalf } from '#src/graphql/server.ts';

/** Whether anybody may make an account, without an invitation. */
export async function isSignUpOpen(): Promise<boolean> {
  const response = await fetch(`${API}/auth/sign-up`, { headers: await onBehalf(), cache: 'no-store' });
  return response.ok && ((await response.json()) as { open: boolean }).open;
}
