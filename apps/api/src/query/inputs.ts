// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { enumType } from '../graphql/enums.ts';

export const DirectionEnum = enumType('Direction', ['asc', 'desc'], 'Unknown values come last in both.');
