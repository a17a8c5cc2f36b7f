'use client';

import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { Dialog } from '#src/ui/dialog.tsx';
import { Input } from '#src/ui/field.tsx';
import { isTyping } from '#src/ui/keys.ts';
import { findQuery, found, placesLike } from './find.ts';

/** How long typing rests before the API is asked. */
const REST_MS = 200;

/** From anywhere to anything: `/` or ⌘K opens it, arrows choose, Enter goes. */
export function Palette() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [asked, setAsked] = useState('');
  const { answer, error } = useAnswer(findQuery, asked.length < 2 ? null : { text: asked });

  const places = placesLike(text);
  const all = answer && text.trim().length > 1 ? [...places, ...found(answer, asked)] : places;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPalette = event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey);
      if (!isPalette && (event.key !== '/' || isTyping(event))) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const search = (typed: string) => {
    setText(typed);
    setAt(0);
  };
  const close = () => {
    setOpen(false);
    search('');
  };
  const go = (href: string) => {
    close();
    router.push(href);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(all.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && all[at]) go(all[at].href);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <button
        type="button"
        title="/ or ⌘K"
        onClick={() => setOpen(true)}
        className="flex h-8 items-center gap-2 rounded-md px-2 text-ink-soft hover:bg-hover hover:text-ink"
      >
        <Search aria-hidden className="size-4" />
        <span className="sr-only md:not-sr-only">Search</span>
        <kbd className="hidden font-sans text-small md:inline">⌘K</kbd>
      </button>
      <Dialog open={open} onOpenChange={(next) => (next ? setOpen(true) : close())} title="Go to">
        <Input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="found"
          aria-activedescendant={all[at] ? `found-${at}` : undefined}
          aria-label="Experiments, models, data sets, pages and actions"
          placeholder="Experiment, model, data set, page or action"
          value={text}
          onChange={(event) => search(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {error && <p className="mt-2 text-danger">{error}</p>}
        <div id="found" role="listbox" aria-label="What was found" className="mt-2">
          {all.map(({ kind, name, note, href }, index) => (
            <div
              key={`${kind} ${href}`}
              id={`found-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => go(href)}
              onKeyDown={onKeyDown}
              onMouseMove={() => setAt(index)}
              className="flex min-h-9 cursor-pointer items-center gap-3 rounded-sm px-2 aria-selected:bg-hover"
            >
              <span className="w-20 text-small text-ink-soft">{kind}</span>
              <span className="flex-1 truncate">{name}</span>
              <span className="truncate text-small text-ink-soft">{note}</span>
            </div>
          ))}
        </div>
        {all.length === 0 && <p className="mt-2 text-ink-soft">Nothing is called that.</p>}
      </Dialog>
    </>
  );
}
