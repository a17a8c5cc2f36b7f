import {
  BookA,
  BookOpen,
  Boxes,
  Braces,
  Columns3,
  Cpu,
  FlaskConical,
  Images,
  LayoutDashboard,
  type LucideIcon,
  Minimize2,
  Play,
  Scale,
  Server,
  SlidersHorizontal,
  Trophy,
  Users,
} from 'lucide-react';

export interface Place {
  readonly name: string;
  /** What one finds or does there, in a line. */
  readonly what: string;
  readonly href: string;
  readonly icon: LucideIcon;
}

interface PlaceGroup {
  readonly name: string;
  readonly places: readonly Place[];
}

/** The places of the side bar, in its order: first the steps of the work, then the results. */
export const PLACE_GROUPS: readonly PlaceGroup[] = [
  {
    name: 'Work',
    places: [
      {
        name: 'Overview',
        href: '/',
        icon: LayoutDashboard,
        what: 'What is under way, and the latest results',
      },
      { name: 'Models', href: '/models', icon: Boxes, what: 'Networks to prune: add one, look into it' },
      { name: 'Data sets', href: '/datasets', icon: Images, what: 'Images to measure and train on' },
      {
        ...{ name: 'Experiments', href: '/experiments', icon: FlaskConical },
        what: 'Runs of one model on one data set, with equal settings',
      },
      { name: 'Runs', href: '/runs', icon: Play, what: 'Every pruned network, with its state and result' },
      {
        ...{ name: 'Benchmarks', href: '/benchmarks', icon: Trophy },
        what: 'Many models and strategies, started together under equal conditions',
      },
    ],
  },
  {
    name: 'Results',
    places: [
      {
        name: 'Compare',
        href: '/compare',
        icon: Columns3,
        what: 'Runs side by side, and which strategy wins',
      },
      {
        ...{ name: 'Compression', href: '/compression', icon: Minimize2 },
        what: 'The smallest or fastest network for each loss that you allow',
      },
      {
        ...{ name: 'Trade-offs', href: '/ratios', icon: Scale },
        what: 'Loss against saving over all runs, models of any size together',
      },
      {
        ...{ name: 'Explore', href: '/explore', icon: SlidersHorizontal },
        what: 'Try targets on measured samples, without a run',
      },
      {
        ...{ name: 'Published', href: '/published', icon: BookOpen },
        what: 'Results that others published, to compare with',
      },
    ],
  },
  {
    name: 'Platform',
    places: [
      { name: 'Devices', href: '/devices', icon: Cpu, what: 'Machines whose latency was measured' },
      { name: 'Workers', href: '/workers', icon: Server, what: 'What computes runs, and the queue' },
      { name: 'Team', href: '/team', icon: Users, what: 'People, API keys, webhooks, the audit log' },
      { name: 'API', href: '/api', icon: Braces, what: 'Everything here from scripts' },
      { name: 'Glossary', href: '/glossary', icon: BookA, what: 'What the words on these pages mean' },
    ],
  },
];

export const PLACES: readonly Place[] = PLACE_GROUPS.flatMap(({ places }) => places);

/** Whether a path lies in a place. */
export function isWithin(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
