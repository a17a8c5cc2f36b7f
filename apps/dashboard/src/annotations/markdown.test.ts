import { describe, expect, it } from 'vitest';
import { notesHtml } from './markdown.ts';

it('notes are markdown, and lines break where they were broken', () => {
  expect(notesHtml('one\ntwo')).toBe('<p>one<br>\ntwo</p>\n');
  expect(notesHtml('- **a**\n- `b`')).toBe(
    '<ul>\n<li><strong>a</strong></li>\n<li><code>b</code></li>\n</ul>\n',
  );
  expect(notesHtml('| a | b |\n| - | - |\n| 1 | 2 |')).toContain('<table>');
});

it('headings stand below that of the page', () => {
  expect(notesHtml('# One\n\n## Two')).toBe('<h2>One</h2>\n<h3>Two</h3>\n');
  expect(notesHtml('###### Six')).toBe('<h6>Six</h6>\n');
});

it('addresses become links that tell nothing of the page', () => {
  const link = '<a href="https://example.org/a" rel="noopener noreferrer nofollow">';
  expect(notesHtml('see https://example.org/a')).toContain(link);
  expect(notesHtml('[there](https://example.org/a)')).toContain(`${link}there</a>`);
});

describe('nothing in a note does anything', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)',
    '[a](vbscript:x)',
    '<a href="javascript:alert(1)">a</a>',
    '[a](https://example.org "\\" onmouseover=alert(1)")',
    '![a](https://example.org/pixel.png)',
    '<https://example.org/?"onload=alert(1)>',
  ])('%s', (text) => {
    const html = notesHtml(text);
    expect(html).not.toMatch(/<(script|img|iframe|style)/i);
    // What stands in the value of an attribute stays there.
    expect(html.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<[^>]* on\w+=/i);
    expect(html).not.toMatch(/href="(?!https?:)/i);
  });
});
