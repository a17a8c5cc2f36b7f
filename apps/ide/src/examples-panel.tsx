import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { ReactElement } from 'react';
import { filledIn } from './api.ts';
import { type Example, examples } from './examples.ts';

/** A list beside the editor; each opens in a tab of its own. */
function Examples(): ReactElement {
  const { addTab } = useGraphiQLActions();
  const editors = useGraphiQL(({ queryEditor, variableEditor }) => ({ queryEditor, variableEditor }));
  // They are there a moment after the page is.
  const ready = editors.queryEditor !== undefined && editors.variableEditor !== undefined;
  const open = async ({ query, variables }: Example) => {
    const filled = variables ? await filledIn(variables) : '';
    addTab();
    editors.queryEditor?.setValue(query);
    editors.variableEditor?.setValue(filled);
  };
  return (
    <div className="examples">
      <h2>Examples</h2>
      <ul>
        {examples.map((example) => (
          <li key={example.title}>
            <button type="button" disabled={!ready} onClick={() => void open(example)}>
              {example.title}
            </button>
            <p>{example.about}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Icon(): ReactElement {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M5 6h14M5 12h14M5 18h9" />
    </svg>
  );
}

export const examplesPanel = { title: 'Examples', icon: Icon, content: Examples };
