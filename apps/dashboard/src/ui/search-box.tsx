'use client';

import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Input } from './field.tsx';

/** How long typing rests before it is searched for. */
const REST_MS = 300;

/** Searches while one types. */
export function SearchBox({
  label,
  placeholder,
  text: initial,
  onSearch,
}: {
  label: string;
  placeholder: string;
  text: string;
  onSearch: (text: string) => void;
}) {
  const [text, setText] = useState(initial);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(initial);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Somebody else changed it: a link that clears it, a kept view.
  useEffect(() => {
    if (initial === asked.current) return;
    asked.current = initial;
    setText(initial);
  }, [initial]);
  const search = (typed: string) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      asked.current = typed.trim();
      onSearch(asked.current);
    }, REST_MS);
  };
  return (
    <span className="relative w-full md:w-60">
      <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-ink-faint" />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        className="w-full pl-8"
        value={text}
        onChange={(event) => search(event.target.value)}
      />
    </span>
  );
}
