/** Loaded for the first image: most commands start without one, and it would be a quarter of their start. */
export async function imageLibrary() {
  return (await import('sharp')).default;
}
