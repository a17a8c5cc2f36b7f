import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
/** Those whose verdict depends on the colours. */
const CONTRAST = ['color-contrast', 'link-in-text-block'];

/** By then a page has done what it was going to do. */
const LATEST_MS = 10_000;

/** What axe finds on a page as it stands, one line each: rule, what it means, where. */
export async function violations(page: Page): Promise<string[]> {
  return found(page, RULES);
}

/** The same of its colours alone: for a page whose other colours have passed everything. */
export async function contrasts(page: Page): Promise<string[]> {
  return found(page, CONTRAST);
}

/** Looks again where a page that loads anew meanwhile takes axe's answer with it. */
async function found(page: Page, runOnly: readonly string[], again = 3): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(source);
  const broken = page.evaluate(async (only) => {
    // biome-ignore lint/suspicious/noExplicitAny: the page's own names, which axe has put itself among
    const { axe, document } = globalThis as any;
    const { violations: rules } = await axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    return rules.flatMap((rule: { id: string; help: string; nodes: { target: string[] }[] }) =>
      rule.nodes.map(({ target }) => `${rule.id}: ${rule.help} at ${target.join(' ')}`),
    );
  }, runOnly);
  return broken.catch((error: unknown) => {
    if (again === 0 || !/garbage collected|context was destroyed/.test(String(error))) throw error;
    return found(page, runOnly, again - 1);
  });
}

/** By how many pixels a page is wider than a phone: then it moves sideways under the finger. */
export async function pastThePhone(page: Page): Promise<number> {
  const before = page.viewportSize();
  // A chart that was drawn on a desk has to follow to the phone.
  const drawn =
    '[...document.querySelectorAll("[data-chart]")].every((chart) => chart.querySelector("canvas, svg"))';
  if (!(await until(page, drawn))) throw new Error(`${page.url()}: a chart is not drawn`);
  await page.setViewportSize({ width: 390, height: 844 });
  const past = await settledPast(page);
  if (before) await page.setViewportSize(before);
  return Math.max(0, past);
}

/** What follows the phone's width may be late on a busy machine: what is too wide then is so for good. */
async function settledPast(page: Page): Promise<number> {
  const past = 'document.documentElement.scrollWidth - innerWidth';
  await until(page, `${past} <= 0`);
  return page.evaluate<number>(past);
}

/**
 * Whether it came true. Asked from outside: to wait in the page itself takes an eval, which the dashboard's policy
 * refuses.
 */
export async function until(page: Page, condition: string): Promise<boolean> {
  const end = Date.now() + LATEST_MS;
  while (!(await page.evaluate(condition))) {
    if (Date.now() > end) return false;
    await page.waitForTimeout(50);
  }
  return true;
}
