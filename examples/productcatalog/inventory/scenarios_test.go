package inventory

// stockLevelsKey is the key under which the scenarios find the document of
// StockLevels: that of the aggregate that they are about.
const stockLevelsKey = "1"
