import { type ReactElement, useEffect, useState } from 'react';
import { roleOfKey, storedKey, storeKey } from './api.ts';
import { keyWords } from './key-words.ts';

/** Where the API key goes, and what it is good for. */
export function KeyField(): ReactElement {
  const [key, setKey] = useState(storedKey);
  const [note, setNote] = useState('');
  useEffect(() => {
    storeKey(key);
    let current = true;
    roleOfKey().then(
      (role) => {
        if (current) setNote(keyWords(key, role));
      },
      () => current && setNote('the platform does not answer'),
    );
    return () => {
      current = false;
    };
  }, [key]);
  return (
    <header className="bar">
      <strong>Espalier</strong>
      <label>
        API key{' '}
        <input
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="esp_..."
          value={key}
          onChange={({ target }) => setKey(target.value.trim())}
        />
      </label>
      <output>{note}</output>
    </header>
  );
}
