"""The Monday mail: where one stands, what stands out, what waits; for whoever turned it on."""
