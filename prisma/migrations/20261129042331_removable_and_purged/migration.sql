-- AlterTable
ALTER TABLE "FreedArtifact" ADD COLUMN     "removableAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "PurgedArtifact" (
    "sha256" TEXT NOT NULL,
    "purgedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PurgedArtifact_pkey" PRIMARY KEY ("sha256")
);


