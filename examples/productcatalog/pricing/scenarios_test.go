package pricing

// priceListKey is the key under which the scenarios find the document of
// PriceList: that of the aggregate that they are about.
const priceListKey = "1"
