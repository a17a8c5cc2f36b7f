-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "lastWrite" TEXT;


