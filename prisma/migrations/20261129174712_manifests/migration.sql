-- AlterEnum
ALTER TYPE "KeyScope" ADD VALUE 'producer';

-- AlterTable
ALTER TABLE "Dataset" ADD COLUMN     "manifest" TEXT;

-- AlterTable
ALTER TABLE "DatasetSplit" ADD COLUMN     "sha256" TEXT;

-- CreateTable
CREATE TABLE "ClientKey" (
    "teamId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "write" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ClientKey_pkey" PRIMARY KEY ("teamId","key")
);

-- CreateIndex
CREATE INDEX "ClientKey_subjectId_idx" ON "ClientKey"("subjectId");

-- CreateIndex
CREATE INDEX "Dataset_teamId_manifest_idx" ON "Dataset"("teamId", "manifest");

-- AddForeignKey
ALTER TABLE "ClientKey" ADD CONSTRAINT "ClientKey_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;


