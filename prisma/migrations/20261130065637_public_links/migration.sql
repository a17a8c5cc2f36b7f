-- CreateEnum
CREATE TYPE "PublicLinkKind" AS ENUM ('run', 'experiment', 'comparison');

-- CreateTable
CREATE TABLE "PublicLink" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "kind" "PublicLinkKind" NOT NULL,
    "title" TEXT NOT NULL,
    "subjectId" TEXT,
    "runIds" TEXT[],
    "hash" TEXT NOT NULL,
    "page" BYTEA NOT NULL,
    "createdById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "PublicLink_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PublicLink_hash_key" ON "PublicLink"("hash");

-- CreateIndex
CREATE INDEX "PublicLink_teamId_createdAt_idx" ON "PublicLink"("teamId", "createdAt");

-- CreateIndex
CREATE INDEX "PublicLink_createdById_idx" ON "PublicLink"("createdById");

-- AddForeignKey
ALTER TABLE "PublicLink" ADD CONSTRAINT "PublicLink_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PublicLink" ADD CONSTRAINT "PublicLink_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;


