-- CreateTable
CREATE TABLE "MutationKey" (
    "asker" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "doneAt" TIMESTAMPTZ(3),
    "result" BYTEA,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "MutationKey_pkey" PRIMARY KEY ("asker","teamId","mutation","key")
);

-- CreateIndex
CREATE INDEX "MutationKey_createdAt_idx" ON "MutationKey"("createdAt");


