"""Words of figures, pages and explanations, in English and in the languages of the catalogues."""
