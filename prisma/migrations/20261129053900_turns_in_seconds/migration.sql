-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "computeSeconds" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "TeamTurn" (
    "queue" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "turn" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "TeamTurn_pkey" PRIMARY KEY ("queue","teamId")
);


