import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page as it stands, a line each: rule, what it means, where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the page's own names, which axe has put itself among
    const { axe, document } = globalThis as any;
    const { violations: found } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return found.flatMap((rule: { id: string; help: string; nodes: { target: string[] }[] }) =>
      rule.nodes.map(({ target }) => `${rule.id}: ${rule.help} at ${target.join(' ')}`),
    );
  });
}
