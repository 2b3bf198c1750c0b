package catalog

// assortmentKey is the key under which the scenarios find the document of
// Assortment: that of the aggregate that they are about.
const assortmentKey = "1"

// categoriesKey is the key under which the scenarios find the document of
// Categories: that of the category.
const categoriesKey = "Tea"
