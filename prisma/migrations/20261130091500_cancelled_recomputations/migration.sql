-- AlterEnum
ALTER TYPE "RecomputationState" ADD VALUE 'cancelled';
