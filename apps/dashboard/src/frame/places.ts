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
  Trophy,
  Users,
} from 'lucide-react';

export interface Place {
  readonly name: string;
  readonly href: string;
  readonly icon: LucideIcon;
}

/** Where one can go, in the order of the side bar. */
export const PLACES: readonly Place[] = [
  { name: 'Overview', href: '/', icon: LayoutDashboard },
  { name: 'Experiments', href: '/experiments', icon: FlaskConical },
  { name: 'Runs', href: '/runs', icon: Play },
  { name: 'Models', href: '/models', icon: Boxes },
  { name: 'Data sets', href: '/datasets', icon: Images },
  { name: 'Devices', href: '/devices', icon: Cpu },
  { name: 'Compare', href: '/compare', icon: Columns3 },
  { name: 'Benchmarks', href: '/benchmarks', icon: Trophy },
  { name: 'Compression', href: '/compression', icon: Minimize2 },
  { name: 'Ratios', href: '/ratios', icon: Scale },
  { name: 'Published', href: '/published', icon: BookOpen },
  { name: 'Workers', href: '/workers', icon: Server },
  { name: 'Team', href: '/team', icon: Users },
  { name: 'API', href: '/api', icon: Braces },
  { name: 'Glossary', href: '/glossary', icon: BookA },
];

/** Whether a path lies in a place. */
export function isWithin(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
