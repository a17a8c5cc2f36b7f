-- The engine that a run is computed with, chosen when it is started.
ALTER TABLE "Run" ADD COLUMN     "engine" TEXT;
