-- AlterTable
ALTER TABLE "Model" ADD COLUMN     "readAs" JSONB;


