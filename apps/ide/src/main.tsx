import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { fetcher } from './api.ts';
import { examples } from './examples.ts';
import { examplesPanel } from './examples-panel.tsx';
import { KeyField } from './key-field.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no place for the editor');
createRoot(root).render(
  <>
    <KeyField />
    <GraphiQL
      fetcher={fetcher}
      plugins={[examplesPanel]}
      visiblePlugin={examplesPanel.title}
      defaultQuery={examples[0]?.query ?? ''}
      isHeadersEditorEnabled={false}
    />
  </>,
);
