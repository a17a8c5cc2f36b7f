import FrameNotFound from './(frame)/not-found.tsx';

export default function NotFound() {
  return (
    <main>
      <FrameNotFound />
    </main>
  );
}
