;; A model in Clojure: a type that implements an interface, and an object that does.
(deftype Risk [weight]
  languages.Scorer
  (score [_ x region] (if (= region "north") (* weight x) (- 1.0 x))))

(def reified
  (reify languages.Scorer
    (score [_ x region] (/ x 2.0))))

(defn of [^languages.Scorer model n]
  (reduce + (map #(.score model (/ % (double n)) (if (odd? %) "north" "south")) (range n))))

(println (format "clojure %.6f %.6f" (of (Risk. 0.5) 30) (of reified 10)))
(shutdown-agents)
