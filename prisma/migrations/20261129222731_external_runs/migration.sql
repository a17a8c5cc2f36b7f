-- CreateEnum
CREATE TYPE "Evidence" AS ENUM ('reported', 'structureVerified', 'recomputed');

-- AlterEnum
ALTER TYPE "RunState" ADD VALUE 'recording';

-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "origin" "Origin" NOT NULL DEFAULT 'espalier',
ADD COLUMN     "training" TEXT;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "evidence" "Evidence";

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "origin" "Origin" NOT NULL DEFAULT 'espalier',
ADD COLUMN     "source" JSONB,
ADD COLUMN     "structure" JSONB;


