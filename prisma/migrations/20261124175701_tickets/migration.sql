-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "ticket" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "SamplingShard" ADD COLUMN     "ticket" INTEGER NOT NULL DEFAULT 0;


