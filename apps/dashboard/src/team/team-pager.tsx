import type { ComponentProps } from 'react';
import { Pager } from '#src/ui/pager.tsx';
import { othersThan, TEAM_LISTS, type TeamList, type TeamPages } from './pages.ts';

/** On to the next page of one of the team's lists; the others stay where they are. */
export function TeamPager({
  list,
  pages,
  page,
}: {
  list: TeamList;
  pages: TeamPages;
  page: ComponentProps<typeof Pager>['page'];
}) {
  return (
    <Pager
      page={page}
      path="/team"
      of={{ list: TEAM_LISTS[list], name: list }}
      view={othersThan(list, pages)}
      after={pages[list] || null}
    />
  );
}
