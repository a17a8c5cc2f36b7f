import type { ComponentProps } from 'react';
import { Select } from '#src/ui/field.tsx';
import { ROLES } from './roles.ts';

/** One of the roles that there are. */
export function RoleSelect(props: ComponentProps<typeof Select>) {
  return (
    <Select {...props}>
      {ROLES.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </Select>
  );
}
