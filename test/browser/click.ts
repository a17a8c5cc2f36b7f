import type { Locator } from 'playwright-core';

/** How long a click may take to show: a busy machine takes a second. */
const SHOWS_MS = 5000;

/**
 * Clicks until what the click brings is there. A click before the page's scripts have come is lost, and one too many
 * takes back what the first one did: so the sign is waited for after each click.
 */
export async function clickUntil(button: Locator, sign: Locator): Promise<void> {
  for (;;) {
    await button.click();
    const shown = await sign.waitFor({ timeout: SHOWS_MS }).then(
      () => true,
      () => false,
    );
    if (shown) return;
  }
}
