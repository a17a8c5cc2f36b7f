import { type ReactNode, Suspense } from 'react';
import { accountFields } from '#src/frame/account-query.ts';
import { LoadingBar } from '#src/frame/loading-bar.tsx';
import { SideBar } from '#src/frame/side-bar.tsx';
import { TopBar } from '#src/frame/top-bar.tsx';
import { ApiError } from '#src/graphql/ask.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { projectList } from '#src/lists/choice-fields.ts';
import { everyProject } from '#src/lists/choices.ts';
import { StaleNotice } from '#src/live/stale-notice.tsx';
import { workersOf } from '#src/workers/engine-workers.tsx';

const frame = graphql(
  `
  query Frame {
    viewer { ...AccountFields }
    engines { engine workers }
    projects(first: 100) { ...ProjectList }
  }
`,
  [accountFields, projectList],
);

export default async function FrameLayout({ children }: { children: ReactNode }) {
  const account = await query(frame, {}).then(accountOf, onlyTheFrame);
  return (
    <div className="md:grid md:min-h-screen md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-raised focus:p-2"
      >
        Skip to the content
      </a>
      <Suspense>
        <LoadingBar />
      </Suspense>
      <aside className="sticky top-0 hidden h-screen border-r border-line bg-sunken md:block">
        <SideBar />
      </aside>
      <div className="min-w-0">
        <StaleNotice />
        <TopBar account={account} />
        <main id="content" className="mx-auto max-w-[1440px] px-4 py-6 md:px-6">
          {children}
        </main>
      </div>
    </div>
  );
}

async function accountOf({ engines, viewer, projects }: ResultOf<typeof frame>) {
  return { workers: workersOf(engines), viewer, projects: await everyProject(projects) };
}

/** The frame stays where the API fails: the page in it says so, and offers to try again. */
function onlyTheFrame(error: unknown): null {
  if (error instanceof ApiError) return null;
  throw error;
}
