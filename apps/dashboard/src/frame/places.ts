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
  readonly href: string;
  readonly icon: LucideIcon;
}

/** Where one can go, in the order of the side bar: the daily work first. */
export const PLACE_GROUPS: readonly { readonly name: string; readonly places: readonly Place[] }[] = [
  {
    name: 'Work',
    places: [
      { name: 'Overview', href: '/', icon: LayoutDashboard },
      { name: 'Experiments', href: '/experiments', icon: FlaskConical },
      { name: 'Runs', href: '/runs', icon: Play },
      { name: 'Models', href: '/models', icon: Boxes },
      { name: 'Data sets', href: '/datasets', icon: Images },
    ],
  },
  {
    name: 'Results',
    places: [
      { name: 'Compare', href: '/compare', icon: Columns3 },
      { name: 'Explore', href: '/explore', icon: SlidersHorizontal },
      { name: 'Compression', href: '/compression', icon: Minimize2 },
      { name: 'Ratios', href: '/ratios', icon: Scale },
      { name: 'Benchmarks', href: '/benchmarks', icon: Trophy },
      { name: 'Published', href: '/published', icon: BookOpen },
    ],
  },
  {
    name: 'Platform',
    places: [
      { name: 'Devices', href: '/devices', icon: Cpu },
      { name: 'Workers', href: '/workers', icon: Server },
      { name: 'Team', href: '/team', icon: Users },
      { name: 'API', href: '/api', icon: Braces },
      { name: 'Glossary', href: '/glossary', icon: BookA },
    ],
  },
];

export const PLACES: readonly Place[] = PLACE_GROUPS.flatMap(({ places }) => places);

/** Whether a path lies in a place. */
export function isWithin(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
