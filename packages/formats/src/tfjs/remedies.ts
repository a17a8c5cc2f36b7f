/** What a person can do about a file that nothing which writes models would write so. */
export const SAVE_AGAIN = 'the file is damaged: save or convert the model again';
