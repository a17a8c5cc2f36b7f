'use client';

import { clsx } from 'clsx';
import { Bell, BellRing } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '#src/ui/button.tsx';

const KEY = 'notify';

/** Whether this browser shows notifications, and somebody wants them here. */
function isWanted(): boolean {
  return (
    'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(KEY) === '1'
  );
}

/**
 * A button that asks for a notification of the browser when what is at work is over. It comes as long as the page is
 * open, also in another tab; the choice is kept for this browser.
 *
 * @param over how it ended; null while it is at work
 */
export function NotifyWhenOver({ title, over }: { title: string; over: string | null }) {
  const [wanted, setWanted] = useState(false);
  const [refused, setRefused] = useState(false);
  const wasAtWork = useRef(false);

  useEffect(() => setWanted(isWanted()), []);
  useEffect(() => {
    if (over === null) wasAtWork.current = true;
    else if (wasAtWork.current) {
      wasAtWork.current = false;
      if (isWanted()) new Notification(title, { body: over, icon: '/icon.svg' });
    }
  }, [title, over]);

  if (over !== null) return null;
  const toggle = async () => {
    const isGranted =
      !wanted && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
    setRefused(!wanted && !isGranted);
    localStorage.setItem(KEY, isGranted ? '1' : '');
    setWanted(isGranted);
  };
  const Icon = wanted ? BellRing : Bell;
  return (
    <>
      <Button
        onClick={() => void toggle()}
        aria-pressed={wanted}
        title="This browser shows a notification when it is over, as long as this page is open in a tab."
      >
        <Icon aria-hidden className={clsx('size-4', wanted && 'text-accent')} />
        {wanted ? 'You will be notified' : 'Notify me'}
      </Button>
      {refused && (
        <span role="alert" className="basis-full text-danger">
          The browser blocks notifications of this page. Allow them in its settings, or let the team’s page
          send a webhook.
        </span>
      )}
    </>
  );
}
