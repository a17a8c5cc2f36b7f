-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "since" TIMESTAMPTZ(3),
ADD COLUMN     "sinceDone" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "RunEvent" ADD COLUMN     "position" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint;

-- AlterTable
ALTER TABLE "SamplingShard" ADD COLUMN     "since" TIMESTAMPTZ(3),
ADD COLUMN     "sinceDone" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "toldAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "RunCheckpoint" (
    "runId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RunCheckpoint_pkey" PRIMARY KEY ("runId")
);

-- CreateIndex
CREATE INDEX "RunCheckpoint_sha256_idx" ON "RunCheckpoint"("sha256");

-- CreateIndex
CREATE INDEX "RunEvent_position_idx" ON "RunEvent"("position");

-- AddForeignKey
ALTER TABLE "RunCheckpoint" ADD CONSTRAINT "RunCheckpoint_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunCheckpoint" ADD CONSTRAINT "RunCheckpoint_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "Artifact"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;


