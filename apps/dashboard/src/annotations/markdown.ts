import MarkdownIt from 'markdown-it';

/**
 * Notes as HTML. What people wrote as HTML stays text, addresses that run something are no links, and no picture is
 * fetched: a note must do nothing to whoever reads it. Lines break where they were broken.
 */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');

// A page has its own heading: those of a note stand below it.
markdown.core.ruler.push('lower headings', ({ tokens }) => {
  for (const token of tokens) {
    if (!token.type.startsWith('heading_')) continue;
    token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
  }
});

// What a note leads to learns nothing of the page, and cannot reach it.
markdown.core.ruler.push('links lead away', ({ tokens }) => {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    if (token.type === 'link_open') token.attrSet('rel', 'noopener noreferrer nofollow');
  }
});

export function notesHtml(text: string): string {
  return markdown.render(text);
}
