// Keys of a journal's writes are hashes of JSON as Python writes it, and the client for Python makes the same: numbers
// and texts are taken as they are in the line, since other programs write them otherwise (1.0, 1e-05).

/** JSON whose numbers and texts are kept as they were written. */
export type Written = string | readonly Written[] | ReadonlyMap<string, Written>;

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:])/y;

/**
 * @returns lists, objects by the texts of their keys (without quotes), all else as it stands there
 * @throws {SyntaxError} for what is no JSON
 */
export function readWritten(text: string): Written {
  // Whatever is wrong with it is said by those who know best.
  JSON.parse(text);
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) tokens.push(found[1] ?? '');
  let at = 0;
  const value = (): Written => {
    const token = tokens[at++] ?? '';
    if (token === '[') return list();
    return token === '{' ? object() : token;
  };
  const list = (): Written[] => {
    const items: Written[] = [];
    while (tokens[at] !== ']') {
      items.push(value());
      if (tokens[at] === ',') at++;
    }
    at++;
    return items;
  };
  const object = (): Map<string, Written> => {
    const entries = new Map<string, Written>();
    while (tokens[at] !== '}') {
      const key = (tokens[at++] ?? '').slice(1, -1);
      at++;
      entries.set(key, value());
      if (tokens[at] === ',') at++;
    }
    at++;
    return entries;
  };
  return value();
}

/** As `json.dumps(value, sort_keys=True)` writes it. */
export function pythonJson(value: Written): string {
  if (typeof value === 'string') return value;
  if (isList(value)) return `[${value.map(pythonJson).join(', ')}]`;
  const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `"${key}": ${pythonJson(one)}`).join(', ')}}`;
}

export function plainOf(value: Written): unknown {
  return JSON.parse(pythonJson(value));
}

export function quoted(text: string): Written {
  // What Python escapes: all beyond ASCII.
  return JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function isList(value: readonly Written[] | ReadonlyMap<string, Written>): value is readonly Written[] {
  return Array.isArray(value);
}
