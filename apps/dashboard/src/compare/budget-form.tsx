'use client';

import { usePathname } from 'next/navigation';
import { Button } from '#src/ui/button.tsx';
import { Input, Select } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { BUDGETS, type Budget } from './budget.ts';

/** Asks for the most accurate run within a budget; the budget stands in the address. */
export function BudgetForm({ budget }: { budget: Budget | null }) {
  const path = usePathname();
  const ask = (form: FormData) => {
    // What else stands in the address now, not when the page was made: the board writes into it.
    const address = new URLSearchParams(location.search);
    const most = String(form.get('most') ?? '');
    for (const [name, value] of [
      ['budget', most && String(form.get('budget'))],
      ['most', most],
    ] as const) {
      if (value) address.set(name, value);
      else address.delete(name);
    }
    // Only this part of the page looks at it: nothing is asked of the server for the rest.
    history.replaceState(null, '', `${path}?${address}`);
  };
  return (
    <Form onSend={ask} className="flex flex-wrap items-center gap-2">
      <label htmlFor="budget-most">Highest accuracy within</label>
      <Input
        id="budget-most"
        name="most"
        type="number"
        min="0"
        step="any"
        className="w-24"
        defaultValue={budget ? budget.most / BUDGETS[budget.metric].unit : ''}
      />
      <Select
        name="budget"
        aria-label="Unit of the budget"
        className=""
        defaultValue={budget?.metric ?? 'macs'}
        options={Object.entries(BUDGETS).map(([id, { name }]) => ({ id, name }))}
      />
      <Button type="submit">Find</Button>
    </Form>
  );
}
