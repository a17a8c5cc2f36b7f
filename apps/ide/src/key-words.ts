/**
 * With what rights queries are sent. Without a key they are those of whoever is signed in with this browser.
 *
 * @param role null: the platform knows neither
 */
export function keyWords(key: string, role: string | null): string {
  if (key !== '')
    return role ? `by this key: ${role.toLowerCase()}` : 'this key is unknown, expired or revoked';
  return role
    ? `no key needed: you are signed in as ${role.toLowerCase()}`
    : 'give a key, or sign in to the dashboard with this browser';
}
