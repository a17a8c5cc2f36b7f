import { notesHtml } from './markdown.ts';

/** What people wrote, as markdown. Made on the server: the browser gets no renderer. */
export function Notes({ text }: { text: string }) {
  if (text.trim() === '') return null;
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: the renderer takes no HTML of people's
    <div className="notes max-w-3xl min-w-0" dangerouslySetInnerHTML={{ __html: notesHtml(text) }} />
  );
}
